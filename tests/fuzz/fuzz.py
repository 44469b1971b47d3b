"""Look for bytes that break a target of `tests/helpers/fuzz_targets.py`, guided by what code they reach (atheris)."""

import sys
from pathlib import Path

import atheris

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent / "helpers")]

with atheris.instrument_imports(include=["slantwise", "slantwise_training"]):
    from fuzz_targets import TARGETS, seeds


def main() -> None:
    """Run `fuzz.py TARGET FOLDER [options of libFuzzer]`; the folder keeps what reached new code."""
    if len(sys.argv) < 3 or sys.argv[1] not in TARGETS:
        sys.exit(f"fuzz.py {'|'.join(TARGETS)} FOLDER [-max_total_time=150 ...]")
    target, folder = sys.argv[1], Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    kept = HERE / "corpus" / target
    for i, data in enumerate([*seeds(target), *(path.read_bytes() for path in sorted(kept.glob("*")))]):
        (folder / f"seed-{i}").write_bytes(data)
        # what is imported at first use would count as slow
        TARGETS[target](data)
    limits = ["-timeout=10", "-rss_limit_mb=2048", "-max_len=4096", "-use_value_profile=1"]
    atheris.Setup([sys.argv[0], str(folder), *limits, *sys.argv[3:]], TARGETS[target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
