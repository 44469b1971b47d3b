"""Model folders: whole or not at all, checked file by file, and nothing in them is ever run."""

import io
import json
import os
import pickle
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest
from tiny_model import save_tiny_model, tiny_backend, tiny_sentences

from slantwise import model_folder
from slantwise.errors import AskedWrong, SlantwiseError
from slantwise.files import read_json, sha256_of, write_json
from slantwise.model_folder import DEFAULT_MODEL, check_destination, load_model, model_name, save_model

FILES = ["README.md", "calibration.json", "config.json", "recipe.toml", "weights.npz"]


@pytest.fixture(scope="module")
def backend():
    return tiny_backend()


@pytest.fixture(scope="module")
def saved(backend, tmp_path_factory):
    folder = tmp_path_factory.mktemp("saved") / "tiny"
    save_model(folder, backend, "tiny", 'name = "tiny"\n', "# tiny\n", {"trained_on": [{"split": "a:b"}]})
    return folder


@pytest.fixture
def folder(saved, tmp_path):
    """A saved model that a test may spoil."""
    return shutil.copytree(saved, tmp_path / "tiny")


def rewritten(folder, name, data):
    """Change a file as somebody would who knows about the hashes."""
    (folder / name).write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
    config = read_json(folder / "config.json")
    config["files"][name] = sha256_of(folder / name)
    write_json(folder / "config.json", config)


def reconfigured(folder, change):
    config = read_json(folder / "config.json")
    change(config)
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")


def recalibrated(folder, change):
    calibration = read_json(folder / "calibration.json")
    change(calibration)
    rewritten(folder, "calibration.json", calibration)


def with_arrays(folder, change):
    with np.load(folder / "weights.npz") as opened:
        arrays = dict(opened)
    change(arrays)
    data = io.BytesIO()
    np.savez(data, **arrays)
    rewritten(folder, "weights.npz", data.getvalue())


def refused(folder, *parts, kind=SlantwiseError):
    with pytest.raises(SlantwiseError) as caught:
        load_model(folder)
    assert type(caught.value) is kind
    for part in parts:
        assert part in str(caught.value)


def everything(backend):
    texts = [s.text for s in tiny_sentences()]
    return [({t: p.tobytes() for t, p in r.tasks.items()}, r.spans, r.state) for r in backend.read(texts)]


def test_a_saved_model_reads_as_the_trained_one_did_to_the_bit(folder, backend):
    model = load_model(folder)
    assert everything(model.backend) == everything(backend)
    assert model.name == model_name(folder)
    assert model.name.name == "tiny"
    assert model.config["trained_on"] == [{"split": "a:b"}]
    assert sorted(p.name for p in folder.iterdir()) == FILES
    assert (folder / "recipe.toml").read_text() == 'name = "tiny"\n'
    assert load_model(str(folder)).name == model.name


def test_the_same_model_has_the_same_hash_and_another_has_not(tmp_path, backend):
    names = [
        save_model(tmp_path / f, backend, "tiny", recipe, "card", {})
        for f, recipe in (("a", ""), ("b", ""), ("c", "#"))
    ]
    assert names[0] == names[1] == model_name(tmp_path / "a")
    assert names[0].sha256 != names[2].sha256
    assert (tmp_path / "a" / "weights.npz").read_bytes() == (tmp_path / "b" / "weights.npz").read_bytes()


def test_the_default_model_ships_and_is_whole():
    if not DEFAULT_MODEL.is_dir():
        pytest.skip("this checkout has no default model")
    assert load_model().name == model_name() == model_name(DEFAULT_MODEL)


@pytest.mark.parametrize("name", ["calibration.json", "recipe.toml", "weights.npz", "README.md"])
def test_a_missing_file(folder, name):
    (folder / name).unlink()
    refused(folder, name, "no such file", "copy the whole model folder again")


@pytest.mark.parametrize("name", ["calibration.json", "recipe.toml", "weights.npz", "README.md"])
def test_an_altered_file(folder, name):
    data = (folder / name).read_bytes()
    (folder / name).write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    refused(folder, name, "sha256", "altered")


def test_a_file_that_the_model_does_not_name_changes_nothing(folder):
    before = load_model(folder).name
    (folder / "notes.txt").write_text("mine")
    assert load_model(folder).name == before


def test_there_is_no_model(tmp_path):
    (tmp_path / "file").write_text("x")
    for path in (tmp_path / "none", tmp_path, tmp_path / "file"):
        refused(path, "a model folder at", "no config.json", kind=AskedWrong)
        with pytest.raises(AskedWrong):
            model_name(path)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("{", "JSON"),
        ("[]", "slantwise-model/1"),
        ("{}", "slantwise-model/1"),
        ('{"schema": "slantwise-model/2", "name": "x"}', "slantwise-model/1"),
        ('{"schema": "slantwise-model/1"}', "slantwise-model/1"),
    ],
)
def test_configurations_that_are_none(folder, text, part):
    (folder / "config.json").write_text(text)
    refused(folder, part)


def test_another_family(folder):
    reconfigured(folder, lambda c: c.update(family="oracle"))
    refused(folder, "'oracle'", "newer slantwise")


@pytest.mark.parametrize("files", [None, [], {}, {"calibration.json": "0"}, {"weights.npz": "0"}, "weights.npz"])
def test_every_file_that_is_read_has_a_hash(folder, files):
    reconfigured(folder, lambda c: c.update(files=files))
    refused(folder, "hashes of all files")


@pytest.mark.parametrize("name", ["../outside", "sub/../../outside", "/etc/hostname", "..", ".", "", "sub"])
def test_files_outside_the_folder_are_not_looked_at(folder, name, monkeypatch):
    (folder.parent / "outside").write_text("secret")
    (folder / "sub").mkdir()
    looked = []
    monkeypatch.setattr(model_folder, "sha256_of", lambda path: looked.append(path) or sha256_of(path))
    reconfigured(folder, lambda c: c.update(files={name: "0", **c["files"]}))
    refused(folder, "no such file")
    assert looked == []


class Trap:
    """Unpickled, it leaves a mark."""

    def __init__(self, mark):
        self.mark = mark

    def __reduce__(self):
        return Path.touch, (self.mark,)


def pickled_array(mark):
    data = io.BytesIO()
    np.lib.format.write_array(data, np.array([Trap(mark)], dtype=object), allow_pickle=True)
    return data.getvalue()


def test_pickles_are_refused_and_not_run(folder, tmp_path):
    mark = tmp_path / "run"
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("hedging.hashes.npy", pickled_array(mark))
    for data in (archive.getvalue(), pickle.dumps(Trap(mark)), pickled_array(mark)):
        rewritten(folder, "weights.npz", data)
        refused(folder, "a sound model in", "train it anew")
    assert not mark.exists()
    pickle.loads(pickle.dumps(Trap(mark)))
    assert mark.exists()


def test_weights_that_are_no_archive(folder):
    whole = (folder / "weights.npz").read_bytes()
    for data in (b"PK\x03\x04" + b"x" * 80, whole[: len(whole) // 2], whole[:100] + b"\0" * 400 + whole[500:]):
        rewritten(folder, "weights.npz", data)
        refused(folder, "a sound model in")
    buffer = io.BytesIO()
    np.save(buffer, np.zeros(3))
    rewritten(folder, "weights.npz", buffer.getvalue())
    refused(folder, "a sound model in")


@pytest.mark.parametrize(
    "change",
    [
        lambda a: a.pop("hedges.hashes"),
        lambda a: a.update({"hedges.weights": a["hedges.weights"] * np.float16(np.nan)}),
        lambda a: a.update({"hedges.weights": a["hedges.weights"][:, :2]}),
        lambda a: a.update({"hedges.weights": a["hedges.weights"][1:]}),
        lambda a: a.update({"hedges.weights": a["hedges.weights"].astype("S8")}),
        lambda a: a.update({"hedges.hashes": a["hedges.hashes"][::-1]}),
        lambda a: a.update({"hedges.hashes": a["hedges.hashes"][None]}),
        lambda a: a.update({"hedges.transitions": a["hedges.transitions"][:-1]}),
        lambda a: a.update({"hedges.transitions": a["hedges.transitions"] * np.float32(np.inf)}),
        lambda a: a.update({"wording.intercepts": np.array([np.nan], np.float32)}),
        lambda a: a.update({"wording.intercepts": np.zeros(3, np.float32)}),
        lambda a: a.update({"stance.mention.intercepts": np.zeros(1, np.float32)}),
    ],
)
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_arrays_that_are_unsound(folder, change):
    with_arrays(folder, change)
    refused(folder, "a sound model in", "train it anew")


@pytest.mark.parametrize(
    "change",
    [
        lambda c: c.pop("model"),
        lambda c: c.update(model=[]),
        lambda c: c["model"].update(tasks=["mood"]),
        lambda c: c["model"].update(tasks=["leaning"]),
        lambda c: c["model"].update(layers=[]),
        lambda c: c["model"].update(stance=["sideways"]),
        lambda c: c["model"].update(ngrams=10**9),
        lambda c: c["model"].update(ngrams="2"),
        lambda c: c["model"]["layers"]["hedges"].update(tags=["O", "B-frog", "I-frog"]),
        lambda c: c["model"]["layers"]["hedges"].update(tags=["O", "O"]),
        lambda c: c["model"]["layers"]["hedges"].update(tags=3),
        lambda c: c["model"]["layers"]["hedges"].update(lexicon={"may": 3}),
        lambda c: c["model"]["layers"]["hedges"].update(lexicon=[1]),
        lambda c: c["model"]["layers"].update(moods=c["model"]["layers"]["hedges"]),
    ],
)
def test_settings_that_are_unsound(folder, change):
    reconfigured(folder, change)
    refused(folder, "a sound model in", "train it anew")


BAD = {"string": "0.5", "none": None, "list": [0.5], "huge": 10**400, "large": 1e30, "true": True}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
@pytest.mark.parametrize("where", ["threshold", "margin", "stance", "slopes", "pair"])
def test_calibration_that_is_unsound(folder, where, bad):
    def change(calibration):
        if where in ("threshold", "margin"):
            calibration["tasks"]["hedging"][where] = bad
        elif where == "slopes":
            calibration["tasks"]["hedging"]["slopes"] = [bad, 1.0]
        elif where == "pair":
            calibration["spans"]["hedges"]["hedge:vague"] = [1.0, bad]
        else:
            calibration["stance_margin"] = bad

    recalibrated(folder, change)
    refused(folder, "a sound model in", "train it anew")


def test_an_inference_from_no_layer(folder):
    recalibrated(folder, lambda c: c["tasks"].update(vagueness={"layer": "x", "slope": 1.0, "shift": 0.0}))
    refused(folder, "a sound model in", "'x'")


def test_an_earlier_model_is_replaced_whole(folder, backend):
    again = save_model(folder, backend, "tiny-2", "", "", {})
    assert load_model(folder).name == again
    assert sorted(p.name for p in folder.iterdir()) == FILES
    assert [p.name for p in folder.parent.iterdir()] == ["tiny"]


def test_what_was_measured_of_an_earlier_model_goes_with_it(folder, backend):
    (folder / "precision.json").write_text("{}")
    save_model(folder, backend, "tiny-2", "", "", {})
    assert sorted(p.name for p in folder.iterdir()) == FILES


def test_an_earlier_model_stays_when_saving_fails(folder, backend, monkeypatch):
    before = load_model(folder).name

    def full(*_, **__):
        raise OSError("no space left on device")

    monkeypatch.setattr(np, "savez_compressed", full)
    with pytest.raises(OSError, match="no space"):
        save_model(folder, backend, "tiny-2", "", "", {})
    assert load_model(folder).name == before
    assert [p.name for p in folder.parent.iterdir()] == ["tiny"]


@pytest.mark.parametrize("name", ["notes.txt", ".git", "config.yaml"])
def test_other_files_are_never_replaced(folder, backend, name):
    (folder / name).write_text("mine")
    with pytest.raises(AskedWrong, match=r"other files \(" + name):
        save_model(folder, backend, "tiny-2", "", "", {})
    assert (folder / name).read_text() == "mine"
    assert load_model(folder).name.name == "tiny"


def test_a_folder_with_some_other_configuration_is_no_model(tmp_path, backend):
    for text in ('{"name": "my-web-app"}', "{", "[]"):
        (tmp_path / "config.json").write_text(text)
        with pytest.raises(AskedWrong, match=r"other files \(config.json\)"):
            save_model(tmp_path, backend, "tiny", "", "", {})
        assert (tmp_path / "config.json").read_text() == text


def test_places_where_no_model_can_be(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(AskedWrong, match="a file"):
        check_destination(tmp_path / "file")
    with pytest.raises(AskedWrong, match="create the folder first"):
        check_destination(tmp_path / "no" / "model")
    with pytest.raises(AskedWrong, match="create the folder first"):
        check_destination(tmp_path / "file" / "model")


def test_places_where_a_model_can_be(tmp_path):
    (tmp_path / "empty").mkdir()
    check_destination(tmp_path / "empty")
    check_destination(tmp_path / "new")
    assert save_tiny_model(tmp_path / "empty") == model_name(tmp_path / "empty")
    check_destination(tmp_path / "empty")


def test_a_link_stays_a_link(folder, backend):
    link = folder.parent / "latest"
    os.symlink(folder, link)
    saved = save_model(link, backend, "tiny-2", "", "", {})
    assert link.is_symlink()
    assert load_model(folder).name == load_model(link).name == saved
