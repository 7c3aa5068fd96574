/// What the tax packs do by themselves: following the change feed to the portals, and the returns.
@NullMarked
package io.offtake.tax.app;

import org.jspecify.annotations.NullMarked;
