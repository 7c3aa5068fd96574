/// Files and other systems: imports with dry run, exports, backup, real wholesaler history.
@ApplicationModule(allowedDependencies = {"platform", "access", "governance", "network", "catalog", "pricing", "schemes", "tax", "stock", "receivables", "primary", "orders", "billing", "insight"})
@NullMarked
package io.offtake.exchange;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
