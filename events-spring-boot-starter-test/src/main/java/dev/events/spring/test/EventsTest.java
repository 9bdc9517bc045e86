package dev.events.spring.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.autoconfigure.OverrideAutoConfiguration;
import org.springframework.boot.test.context.filter.annotation.TypeExcludeFilters;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.core.annotation.AliasFor;
import org.springframework.test.context.BootstrapWith;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/**
 * A test of subscribers alone: the application's beans with
 * {@link dev.events.EventSubscriber @EventSubscriber} methods, its interceptors,
 * upcasters and access policies, on a {@link dev.events.test.TestEventBus} that calls
 * handlers only when the test says so. No other components, no database, no server. What
 * subscribers need is given by the test, with {@code @MockitoBean} or {@code @Import}.
 *
 * <pre class="code">
 * &#064;EventsTest(PaymentCollection.class)
 * class PaymentCollectionTests {
 *
 *     &#064;Autowired TestEventBus bus;
 *
 *     &#064;MockitoBean PaymentProvider provider;
 *
 *     &#064;Test
 *     void collects() {
 *         this.bus.publish(new OrderPlaced("order-1", 10));
 *         this.bus.processAll();
 *         assertThat(this.bus).published(OrderPaid.class).once();
 *     }
 *
 * }
 * </pre>
 *
 * The bus is {@linkplain dev.events.test.TestEventBus#reset() reset} before each test
 * method. See {@link AutoConfigureTestEventBus} for what the bus is and is not, and for
 * tests of a whole application.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@BootstrapWith(EventsTestContextBootstrapper.class)
@ExtendWith(SpringExtension.class)
@OverrideAutoConfiguration(enabled = false)
@TypeExcludeFilters(EventsTypeExcludeFilter.class)
@AutoConfigureTestEventBus
@ImportAutoConfiguration
public @interface EventsTest {

	/**
	 * Properties as {@code key=value} that are added to the environment.
	 */
	String[] properties() default {};

	/**
	 * The same as {@link #subscribers()}.
	 */
	@AliasFor("subscribers")
	Class<?>[] value() default {};

	/**
	 * Only these beans with subscribers; all of the application by default.
	 */
	@AliasFor("value")
	Class<?>[] subscribers() default {};

	/**
	 * Whether components are filtered at all; if not, all of the application are there.
	 */
	boolean useDefaultFilters() default true;

	/**
	 * Which components are there besides.
	 */
	Filter[] includeFilters() default {};

	/**
	 * Which components are not there.
	 */
	Filter[] excludeFilters() default {};

	/**
	 * Auto-configurations to leave out.
	 */
	@AliasFor(annotation = ImportAutoConfiguration.class, attribute = "exclude")
	Class<?>[] excludeAutoConfiguration() default {};

}
