/// Price lists, their lines and levels (PX-01), and the rule book of a distributor, put together from every module that decides
/// money: of its floor, this module alone may use the other two (docs/adr/0020).
@ApplicationModule(allowedDependencies = {"platform", "access", "governance", "network", "catalog", "schemes", "tax"})
@NullMarked
package io.offtake.pricing;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
