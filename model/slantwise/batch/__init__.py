"""Archives scored shard by shard: on all cores or many machines, resumed after any end, nothing lost or doubled."""

from slantwise.batch.run import Outcome, local_engine, merge_run, run_batch
from slantwise.batch.scoring import score_shard
from slantwise.batch.shards import Shard, parse_job, plan_shards
from slantwise.batch.work import Options

__all__ = [
    "Options",
    "Outcome",
    "Shard",
    "local_engine",
    "merge_run",
    "parse_job",
    "plan_shards",
    "run_batch",
    "score_shard",
]
