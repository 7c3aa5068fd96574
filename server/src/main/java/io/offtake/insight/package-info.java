/// One definition per number: metric catalogue, question compiler, rollups fed from the change feed.
@ApplicationModule(allowedDependencies = {"platform", "access", "governance", "network", "catalog"})
@NullMarked
package io.offtake.insight;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
