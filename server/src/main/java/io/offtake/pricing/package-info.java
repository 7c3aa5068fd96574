/// Price lists, their lines and levels (PX-01).
@ApplicationModule(allowedDependencies = {"platform", "access", "governance", "network", "catalog"})
@NullMarked
package io.offtake.pricing;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
