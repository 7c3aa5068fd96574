/// The commands of `./offtake` that run on the JVM. It stands outside of the modules and may use all of them.
@NullMarked
package io.offtake.launch;

import org.jspecify.annotations.NullMarked;
