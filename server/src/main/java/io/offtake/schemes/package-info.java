/// Trade schemes and their versions (PX-20).
@ApplicationModule(allowedDependencies = {"platform", "access", "governance", "network", "catalog"})
@NullMarked
package io.offtake.schemes;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
