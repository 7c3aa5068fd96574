/// The Indian pack: GST rules as pure functions over dated law rows, the e-invoice and e-way bill payloads, and the returns
/// (domain/05a). Nothing here reads a database or the clock.
@NullMarked
package io.offtake.tax.india;

import org.jspecify.annotations.NullMarked;
