/// Tax invoices: from command to posted, numbered document (INV-03, INV-04, P-03).
@ApplicationModule(allowedDependencies = {"platform", "access", "governance", "network", "catalog", "pricing", "schemes", "tax", "stock", "receivables", "orders"})
@NullMarked
package io.offtake.billing;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
