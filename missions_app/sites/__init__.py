"""Sites: testbeds and demonstration environments, and what can be booked at them."""
