"""The playground without its widgets: experiments with the operations of a sign-in.

`experiment` builds, shows, edits, sends and copies a request, and `sending` says what came of it.
`operations` and `sign_in_requests` have what can be chosen, made of `choice_fields`,
`request_parts` and `placeholders`.

`tutorial_lab` gives the lab its test data, `experiment_data`. It takes it from `sessions`,
`sample_codes`, `sample_tokens`, `proofs` and `sign_ins`, which prepare it with `tools`:
`setup_calls`, `demo_users`, `app_clients`, `app_codes`, and the `history` of the calls so far.
`conditions` has the strings that learners ask for test data by.

`outcomes` lists what Cognito may respond, `card` keeps which of it the learner has met, and
`expiry` says what expires when the clock is moved.
"""
