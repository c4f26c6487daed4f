"""The challenge lab, without its widgets: experiments with the calls of a sign-in, what they need, and what can come of them.

`operations` says what can be chosen and builds requests, `experiment` shows, edits, sends and copies one, `bench` has at hand whatever an experiment needs
(with `people`, `memory`, `backstage`, `sessions` and `proofs`), `outcomes` is the catalogue of what Cognito may answer, `met` keeps which of that the learner has seen, `hourglass` says
what runs out when time passes.
"""
