package dev.events.spring.test.shop;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * An application.
 */
@SpringBootApplication
class Shop {

}
