create table placed (number varchar(100) primary key);
create table booked (number varchar(100) primary key);
