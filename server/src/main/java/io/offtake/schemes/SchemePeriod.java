package io.offtake.schemes;

import io.offtake.governance.Dated;

/// When a scheme is in force: what other modules' checks need to know of a scheme's form.
public interface SchemePeriod extends Dated {}
