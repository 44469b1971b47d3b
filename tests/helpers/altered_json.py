"""JSON with one place changed, as a careless program or a hostile hand would."""

import copy


def altered(whole, path, value):
    """A copy with another value at a path of keys and indices; without the key where the value is `KeyError`."""
    whole = copy.deepcopy(whole)
    place = whole
    for step in path[:-1]:
        place = place[step]
    if value is KeyError:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return whole
