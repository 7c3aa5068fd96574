/// Principals, distributors with their warehouses, territories, beats and outlets.
@ApplicationModule(allowedDependencies = {"platform", "access", "governance"})
@NullMarked
package io.offtake.network;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
