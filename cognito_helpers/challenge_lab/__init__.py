"""The challenge lab, without its widgets: experiments with the calls of a sign-in, what they need,
and what can come of them.

`operations` says what can be chosen and builds requests, from `parts`; `experiment` shows, edits,
sends and copies one. `experiment_data` has at hand whatever
that needs, in `users` (the learner, and those
made to spare), `history` (what earlier calls brought), `own_calls` (that prepare the rest),
`sessions` and `proofs`. `outcomes` is the catalogue of what Cognito may answer, `card` keeps what
of it the learner has met, and `clock` says what runs out when time passes.
"""
