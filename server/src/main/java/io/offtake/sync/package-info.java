/// Local-first clients: snapshots and commands, answered one by one.
@ApplicationModule(allowedDependencies = {"platform", "access", "governance", "network", "catalog", "pricing", "schemes", "tax", "stock", "receivables", "primary", "orders", "billing", "returns", "claims"})
@NullMarked
package io.offtake.sync;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
