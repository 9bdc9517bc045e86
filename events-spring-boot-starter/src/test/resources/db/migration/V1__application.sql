create table application_table (id varchar(36) primary key, name varchar(100) not null);
