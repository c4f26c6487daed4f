"""Who answers the calls, emulator or AWS; where state is kept; what only the learner can type."""
