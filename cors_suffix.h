/*
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *     http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

#ifndef CORS_SUFFIX_H
#define CORS_SUFFIX_H

/**
 * @file cors_suffix.h
 * @brief The public suffix list, through libpsl where it was found at build
 * time.
 *
 * The list is the one that libpsl was built with, its private section
 * (github.io) included.  Nothing is loaded: .htaccess files compile policies
 * while requests wait.
 */

/**
 * Whether a domain is on the list; a cors_public_suffix_fn.
 * @return 1 if it is; 0 if not, or without libpsl
 */
int cors_suffix_is_public(const char *domain);

/** Where the list comes from, for people: "libpsl" and its version, or that
 * there is none.  Never NULL. */
const char *cors_suffix_source(void);

#endif /* CORS_SUFFIX_H */
