create table od_all as select * from od_first;
