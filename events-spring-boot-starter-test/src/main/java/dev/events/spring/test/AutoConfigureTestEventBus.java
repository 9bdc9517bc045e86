package dev.events.spring.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.PropertyMapping;

/**
 * Puts a {@link dev.events.test.TestEventBus} in the place of the application's bus, for
 * tests of a whole application with {@code @SpringBootTest}; {@link EventsTest} has it
 * already.
 *
 * <pre class="code">
 * &#064;SpringBootTest
 * &#064;AutoConfigureTestEventBus
 * class OrderTests {
 *
 *     &#064;Autowired TestEventBus bus;
 *
 *     &#064;Test
 *     void whoDoesNotPayIsReminded() {
 *         this.orders.place(…);
 *         this.bus.advance(Duration.ofDays(3));
 *         …
 * </pre>
 *
 * <ul>
 * <li>Events are kept in memory, whatever store the application uses. They take part in
 * Spring's transactions: what is rolled back was never published. A {@code transactional}
 * subscriber runs in a transaction of the application's transaction manager; nothing
 * survives the JVM.
 * <li>Handlers are called by {@code processAll()} and {@code advance(…)} and at no other
 * time. In a test method that is {@code @Transactional} itself nothing of its events is
 * delivered, for it does not commit.
 * <li>The time is that of the bean {@link dev.events.test.ManualClock}, which is also the
 * application's {@link java.time.Clock} unless that has one of its own.
 * <li>Retries are as configured, but without jitter; each subscription has one partition
 * unless it says otherwise.
 * <li>The bus is {@linkplain dev.events.test.TestEventBus#reset() reset} before each test
 * method, before its {@code @BeforeEach} methods. Of tests that run in parallel, those
 * with the same application context wait for each other.
 * </ul>
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ImportAutoConfiguration
public @interface AutoConfigureTestEventBus {

	/**
	 * Spread of the delays between attempts; none by default, so that a test knows when
	 * they come.
	 */
	@PropertyMapping("events.retry.jitter")
	double retryJitter() default 0;

}
