//! What only a real browser can show: the widget on strangers' pages, the console, and the two together. Chromium is
//! driven through chromedriver; every browser has a profile of its own and goes when its test ends, however it ends.

mod accessible;
mod attribution;
mod axe;
mod bounties;
mod chromium;
mod consent;
mod console;
mod deals;
mod design;
mod docs;
mod elements;
mod faults;
mod figures;
mod funds;
mod handoff;
mod hostile;
mod imports;
mod life;
mod main_job;
mod money;
mod people;
mod policy;
mod proxy;
mod role;
mod routes;
mod signed_in;
mod signup;
mod site;
mod states;
mod tester;
mod verify;
mod wait;
mod why;
mod world;
mod yew_host;
