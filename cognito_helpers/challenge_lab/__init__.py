"""The playground without its widgets: experiments with the operations of a sign-in.

`experiment` builds, shows, edits, sends and copies a request, and `sending` has the result.
`operations` and `sign_in_requests` have the choices, made of `choice_fields`, `request_parts` and
`placeholders`.

`tutorial_lab` gives the lab its test data, `experiment_data`. It takes it from `sessions`,
`sample_codes`, `sample_tokens`, `proofs` and `sign_ins`, which prepare it with `tools`:
`setup_calls`, `demo_users`, `app_clients`, `app_codes`, and the `history` of the calls so far.
`conditions` has the strings learners use to ask for test data.

`outcomes` lists what Cognito may respond, `card` keeps which of it the learner has seen, and
`expiry` says what expires when the clock is moved.
"""
