/// Goods receipts from the principal (P-01).
@ApplicationModule(allowedDependencies = {"platform", "access", "governance", "network", "catalog", "pricing", "tax", "stock", "receivables"})
@NullMarked
package io.offtake.primary;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
