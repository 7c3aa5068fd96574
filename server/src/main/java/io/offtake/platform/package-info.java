/// Ids, paging, problem details, database roles and row scope, posting batches, outbox, jobs, clock.
@ApplicationModule(allowedDependencies = {})
@NullMarked
package io.offtake.platform;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
