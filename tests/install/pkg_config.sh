#!/bin/sh
# pkg_config.sh COMPILER PC-DIRECTORY SOURCE PROGRAM: builds and runs a consumer by pkg-config alone.
set -eu
compiler=$1 source=$3 program=$4
PKG_CONFIG_PATH=$2
export PKG_CONFIG_PATH
for static in '' --static; do
  # Unquoted: the flags are words.
  "$compiler" -std=c++20 "$source" $(pkg-config $static --cflags --libs sfumato) -o "$program"
  "$program"
done
