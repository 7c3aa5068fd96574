/// Tax rates by HSN with dates and the rounding policy (IN-06, IN-10).
@ApplicationModule(allowedDependencies = {"platform", "access", "governance", "network", "catalog"})
@NullMarked
package io.offtake.tax;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
