package dev.events.spring.test.shop;

import org.springframework.stereotype.Component;

/**
 * A subscriber by what it inherits.
 */
@Component
class SalesReport extends Reporting {

}
