/// The question API and its files.
@NullMarked
package io.offtake.insight.web;

import org.jspecify.annotations.NullMarked;
