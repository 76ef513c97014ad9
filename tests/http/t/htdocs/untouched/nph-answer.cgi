#!/usr/bin/env perl
# Writes the whole response itself, which httpd sends as it is.
use strict;
use warnings;

my $body = "from a NPH script\n";
print "HTTP/1.1 200 OK\r\n",
    "Content-Type: text/plain\r\n",
    'Content-Length: ', length $body, "\r\n",
    "Access-Control-Allow-Origin: https://script.example\r\n",
    "Vary: X-Script\r\n",
    "Connection: close\r\n",
    "\r\n", $body;
