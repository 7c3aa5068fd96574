/// The money ledger: outlet and distributor accounts, open bills, collections, ageing, credit.
@ApplicationModule(allowedDependencies = {"platform", "access", "governance", "network", "tax"})
@NullMarked
package io.offtake.receivables;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
