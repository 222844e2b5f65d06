//! Proof: verify, bundles, the auditor's questions.
