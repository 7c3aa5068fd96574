package io.offtake.platform.testing;

import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.MergedContextConfiguration;

/// Gives the server of a [ServerTest] its database, and records the statements that go through it.
public final class ServerTestDatabase implements ContextCustomizerFactory {

    @Override
    public @Nullable ContextCustomizer createContextCustomizer(Class<?> testClass, List<ContextConfigurationAttributes> attributes) {
        var annotation = AnnotatedElementUtils.findMergedAnnotation(testClass, ServerTest.class);
        if (annotation == null) return null;
        return new Customizer(annotation.ownDatabase() ? testClass.getSimpleName() : "server");
    }

    record Customizer(String name) implements ContextCustomizer {
        @Override
        public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
            var database = TestCluster.get().create(name);
            var access = database.access();
            context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("test database", Map.of(
                    "offtake.db.url", access.url(),
                    "offtake.db.migrator-password", access.migrator().password(),
                    "offtake.db.app-password", access.app().password(),
                    "offtake.db.network-password", access.network().password(),
                    "offtake.db.migrate", "false",
                    // the portal in the box, whose steps each test takes itself
                    "offtake.tax.portal.address", "simulator",
                    "offtake.tax.portal.pump", "false")));
            context.getBeanFactory().registerSingleton("testDatabase", database);
            context.getBeanFactory().addBeanPostProcessor(new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String beanName) {
                    return bean instanceof DataSource source && beanName.endsWith("DataSource") ? Recording.of(source, beanName.startsWith("network")) : bean;
                }
            });
        }
    }
}
