"""The clearance desk: facts, rules, findings and gates. It judges values and reads the index; it opens no file and knows no clock."""
