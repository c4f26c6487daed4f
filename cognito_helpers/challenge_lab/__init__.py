"""The challenge lab, without its widgets: experiments with the calls of a sign-in, what they need, and what can come of them.

`operations` says what can be chosen and builds requests, from `parts`; `experiment` shows, edits, sends and copies one. `bench` has at hand whatever that needs,
in `people`, `memory`, `backstage`, `sessions` and `proofs`. `outcomes` is the catalogue of what Cognito may answer, `met` keeps what of it the learner has seen,
and `hourglass` says what runs out when time passes.
"""
