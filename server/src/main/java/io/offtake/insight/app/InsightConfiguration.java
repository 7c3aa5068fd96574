package io.offtake.insight.app;

import io.offtake.insight.domain.Engine;
import io.offtake.insight.store.FeedStore;
import io.offtake.insight.store.NetworkDirectory;
import io.offtake.insight.store.PostgresEngine;
import io.offtake.platform.TenantTransaction;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class InsightConfiguration {

    @Bean
    NetworkDirectory insightNetwork(TenantTransaction transactions, Clock clock) {
        return new NetworkDirectory(transactions, clock);
    }

    @Bean
    Engine insightEngine(TenantTransaction transactions) {
        return new PostgresEngine(transactions);
    }

    @Bean
    FeedStore insightFeedStore(TenantTransaction transactions, Clock clock) {
        return new FeedStore(transactions, clock);
    }
}
