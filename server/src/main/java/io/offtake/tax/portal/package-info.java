/// The government's portals for invoices and e-way bills: the port, its HTTP adapter, and a simulator in the box (INT-13).
@NullMarked
package io.offtake.tax.portal;

import org.jspecify.annotations.NullMarked;
