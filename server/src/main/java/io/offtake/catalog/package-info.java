/// SKU hierarchy, units with exact ratios, barcodes and batches.
@ApplicationModule(allowedDependencies = {"platform", "access", "governance", "network"})
@NullMarked
package io.offtake.catalog;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
