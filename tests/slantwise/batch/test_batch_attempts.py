"""Attempts at a shard: twice as it is, then one article at a time; only what kills twice in a row is poison."""

from slantwise.batch.attempts import Course
from slantwise.batch.shards import Shard

SHARD = Shard(0, 0, 1, 10)


def test_a_shard_is_tried_twice_then_searched():
    course = Course(SHARD)
    assert course.task.probe is None
    course.died("was killed by signal 9", None)
    assert (course.task.probe, course.task.poison) == (None, {})
    course.died("was killed by signal 9", None)
    assert course.task.probe == 0
    course.probed()
    assert (course.task.probe, course.task.poison, course.is_hopeless) == (None, {}, False)


def test_an_article_that_kills_twice_in_a_row_is_poison():
    course = Course(SHARD, deaths=2)
    course.died("was killed by signal 11", 4)
    assert (course.task.probe, course.task.poison) == (4, {})
    course.died("was killed by signal 11", 4)
    assert course.task.probe == 5
    assert "was killed by signal 11 over it, twice" in course.task.poison[4]
    course.died("ended with code 3", 7)
    course.died("ended with code 3", 7)
    course.probed()
    assert (course.task.probe, set(course.task.poison)) == (None, {4, 7})


def test_an_article_that_somebody_else_killed_is_none():
    course = Course(SHARD, deaths=2)
    course.died("was killed by signal 9", 4)
    course.died("was killed by signal 9", 6)
    assert (course.task.probe, course.task.poison) == (6, {})
    course.probed()
    assert course.task.poison == {}


def test_a_shard_that_kills_without_an_article_to_blame_is_given_up():
    course = Course(SHARD)
    for _ in range(3):
        course.died("was killed by signal 9", None)
        assert not course.is_hopeless or course.task.probe is None
    course.probed()
    course.died("was killed by signal 9", None)
    assert not course.is_hopeless
    course.died("was killed by signal 9", None)
    assert course.is_hopeless


def test_workers_that_die_before_any_article_are_counted():
    course = Course(SHARD, deaths=9)
    assert course.task.probe == 0
    for _ in range(4):
        assert not course.is_hopeless
        course.died("was killed by signal 9", None)
    assert course.is_hopeless
