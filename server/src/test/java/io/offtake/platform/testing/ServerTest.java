package io.offtake.platform.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;

/// A test class against the whole server on a random port, with a migrated database. All such classes share one server
/// and one database, so each uses distributors, users and codes of its own; `ownDatabase` buys a server and a database of
/// its own for some seconds. `@LocalServerPort int port` and every bean may be injected, and [TestDatabase] as well.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, classes = io.offtake.Offtake.class,
        properties = {"offtake.scores.first=P1D", "offtake.alerts.first=P1D"}) // tests say themselves when scores and alerts are made
public @interface ServerTest {
    boolean ownDatabase() default false;
}
