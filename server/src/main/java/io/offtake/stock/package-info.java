/// Stock by warehouse, SKU, batch and bucket. Every movement has two ends (INV-02); balances are derived.
@ApplicationModule(allowedDependencies = {"platform", "access", "governance", "network", "catalog"})
@NullMarked
package io.offtake.stock;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
