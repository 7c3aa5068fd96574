/// What outlets send back: asked for, approved by somebody else, received, inspected into its bucket and credited from the bill's frozen lines (domain/02 section 2.7, PX-41, P-07).
@ApplicationModule(allowedDependencies = {"platform", "access", "governance", "network", "catalog", "stock", "billing"})
@NullMarked
package io.offtake.returns;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
