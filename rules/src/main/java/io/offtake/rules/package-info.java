/// The pure core of Offtake: prices, schemes, tax, rounding, apportioning, batch allocation and credit.
/// Plain Java on the JDK alone (no I/O, clock or locale), because the same code runs in the browser.
package io.offtake.rules;
