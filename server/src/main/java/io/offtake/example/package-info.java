/// The example network "Marulia" (UX section 14): an invented country with its distributors, outlets and fourteen months of
/// business, made from a fixed seed through the normal posting path, and kept alive while the demo runs.
@ApplicationModule(allowedDependencies = {"platform", "access", "governance", "network", "catalog", "pricing", "schemes", "tax", "stock", "receivables", "primary", "orders", "billing", "returns",
        "claims", "exchange"})
@NullMarked
package io.offtake.example;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
