create table application_table (id int primary key);
