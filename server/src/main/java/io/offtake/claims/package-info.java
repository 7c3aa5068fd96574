/// Claims of distributors on their principals, made of posted benefits, and the trade-spend ledger (domain/06, P-09).
@ApplicationModule(allowedDependencies = {"platform", "access", "governance", "network", "catalog", "pricing", "schemes", "receivables", "billing"})
@NullMarked
package io.offtake.claims;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
