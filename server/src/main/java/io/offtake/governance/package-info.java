/// What decides money is versioned, and what happened is chained: configuration versions, audit chain.
@ApplicationModule(allowedDependencies = {"platform", "access"})
@NullMarked
package io.offtake.governance;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
