/// Secondary orders: booked, allocated, invoiced (state machine 2.5).
@ApplicationModule(allowedDependencies = {"platform", "access", "governance", "network", "catalog", "pricing", "schemes", "tax", "stock", "receivables"})
@NullMarked
package io.offtake.orders;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
