#!/bin/sh
# The shipped model from nothing: `sh training/default.sh --from corpora`, in a checkout with slantwise[train] installed.
# Three to four hours on two CPU cores. Each step is one `slantwise train`; what is finished is not done again, and a step
# that was killed goes on where it stopped.
set -eu

train() {
  recipe=$1 model=$2
  shift 2
  if [ ! -f "runs/$model/config.json" ]; then
    slantwise train "training/recipes/$recipe.toml" -o "runs/$model" "$@"
  fi
}

train gold gold "$@"
train teachers/stance teachers/stance-1 --seed 1 "$@"
train teachers/stance teachers/stance-2 --seed 2 "$@"
train default default "$@"
